// The rows of duty, intelligence, public opinion, supervision and of what every service has.

extension AccessRows {
  static let others = """
    service quintet.duty.v1.OrganisationService
    PutOrgUnit              change operator
    DissolveOrgUnit         change operator
    ListOrgUnits            open
    PutJurisdiction         change operator
    ListJurisdictions       open
    LocatePoint             open

    service quintet.duty.v1.UnitService
    PutUnit                 change shift-leader station operator
    GetUnit                 read   call-taker dispatcher shift-leader station officer volunteer supervisor auditor operator
    ListUnits               read   call-taker dispatcher shift-leader station officer volunteer supervisor auditor operator
    ListUnitsNearby         read   call-taker dispatcher shift-leader station officer volunteer supervisor auditor operator
    SetUnitStatus           change officer volunteer dispatcher shift-leader station
    ReportPositions         change officer volunteer dispatcher shift-leader station
    RecommendUnits          read   dispatcher shift-leader service:command
    PutTravelModel          change shift-leader operator

    service quintet.duty.v1.UnitBoardService
    WatchUnits              read   call-taker dispatcher shift-leader station officer volunteer supervisor auditor operator

    service quintet.duty.v1.RoadNetworkService
    ImportRoads             change operator
    GetRoadNetwork          open
    EstimateTravel          read   call-taker dispatcher shift-leader station service:command

    service quintet.duty.v1.ResponsePlanService
    PutResponsePlan         change shift-leader operator
    GetResponsePlan         open
    ListResponsePlans       open

    service quintet.duty.v1.DispatchPlanService
    PlanDispatch            read   dispatcher shift-leader service:command

    service quintet.duty.v1.WhatIfService
    CompareScenarios        read   shift-leader supervisor analyst

    service quintet.duty.v1.RosterService
    PutOfficer              change operator
    ListOfficers            read   shift-leader dispatcher supervisor auditor operator
    PutSeat                 change operator
    PutPattern              change operator shift-leader
    ListPatterns            open
    PreviewRoster           read   shift-leader
    PublishRoster           change shift-leader
    ListShifts              read   member call-taker dispatcher shift-leader station officer supervisor auditor operator
    ListGaps                read   member call-taker dispatcher shift-leader station officer supervisor auditor operator
    NameSubstitute          change shift-leader

    service quintet.duty.v1.RosterChangeService
    AskSwap                 change member
    AnswerSwap              change member
    DecideSwap              change shift-leader
    ListSwaps               read   member shift-leader supervisor auditor
    AskLeave                change member
    DecideLeave             change shift-leader
    ListLeaves              read   member shift-leader supervisor auditor

    service quintet.duty.v1.SeatService
    ListSeats               read   member call-taker dispatcher shift-leader station officer supervisor auditor operator
    TakeSeat                change member
    LeaveSeat               change member
    WriteHandoverNote       change member
    MarkHandoverNoteRead    change member
    ListHandoverNotes       read   member shift-leader supervisor auditor

    service quintet.duty.v1.TaskTemplateService
    PutTaskTemplate         change shift-leader supervisor operator
    GetTaskTemplate         open
    ListTaskTemplates       open

    service quintet.duty.v1.TaskService
    PutTaskPlan             change station shift-leader
    GetTaskPlan             read   officer station dispatcher shift-leader supervisor auditor
    MakeTaskList            change station shift-leader
    AddTask                 change station dispatcher shift-leader
    ReassignTask            change station shift-leader
    ReturnTask              change station shift-leader
    GetTask                 read   officer station dispatcher shift-leader supervisor auditor
    ListTasks               read   officer station dispatcher shift-leader supervisor auditor
    SyncTaskList            read   officer station
    SubmitTaskReports       change officer station
    PutTaskPhoto            change officer station
    GetTaskPhoto            read   officer station dispatcher shift-leader supervisor auditor
    GetTaskProgress         read   officer station dispatcher shift-leader supervisor auditor

    service quintet.duty.v1.TerminalService
    PutTerminal             change shift-leader operator
    GetTerminal             read   call-taker dispatcher shift-leader station supervisor auditor operator
    ListTerminals           read   call-taker dispatcher shift-leader station supervisor auditor operator

    service quintet.duty.v1.CoverageService
    GetCoverage             read   dispatcher shift-leader station analyst supervisor auditor operator
    TakeCoverageSample      change shift-leader operator
    ListCoverageSamples     read   dispatcher shift-leader station analyst supervisor auditor operator

    service quintet.duty.v1.DeploymentService
    GetDemand               read   dispatcher shift-leader station analyst supervisor auditor
    ImportPastCalls         change operator
    SuggestDeployment       change shift-leader station
    AcceptDeployment        change shift-leader station
    RefuseDeployment        change shift-leader station
    WithdrawDeployment      change shift-leader station
    CompareDeployment       change shift-leader station analyst supervisor
    GetDeployment           read   dispatcher shift-leader station officer analyst supervisor auditor
    ListDeployments         read   dispatcher shift-leader station officer analyst supervisor auditor

    service quintet.duty.v1.UnitGroupService
    ProposeGroup            read   dispatcher shift-leader station service:command

    service quintet.duty.v1.TrackService
    ListTrack               lookup dispatcher shift-leader station supervisor

    service quintet.intelligence.v1.AssessmentService
    GetAssessment           read   call-taker dispatcher shift-leader station analyst supervisor auditor
    ListAssessments         read   call-taker dispatcher shift-leader station analyst supervisor auditor
    CountAssessments        read   call-taker dispatcher shift-leader station analyst supervisor auditor

    service quintet.intelligence.v1.GazetteerService
    PutPlace                change shift-leader analyst operator
    PutLocationPlate        change shift-leader analyst operator
    ImportPlaces            change shift-leader analyst operator
    GetPlace                read   call-taker dispatcher shift-leader station officer analyst supervisor auditor operator service
    ListPlaces              read   call-taker dispatcher shift-leader station officer analyst supervisor auditor operator service
    Locate                  read   call-taker dispatcher shift-leader station officer analyst supervisor auditor operator service

    service quintet.publicopinion.v1.OpinionService
    SubmitItem              change partner opinion-editor
    GetTopic                read   opinion-editor shift-leader dispatcher analyst supervisor auditor
    ListTopics              read   opinion-editor shift-leader dispatcher analyst supervisor auditor
    TieTopic                change opinion-editor shift-leader

    service quintet.publicopinion.v1.StatementService
    DraftStatement          change opinion-editor
    ReviseStatement         change opinion-editor
    ApproveStatement        change shift-leader
    ReturnStatement         change shift-leader
    PublishStatement        change opinion-editor
    GetStatement            read   opinion-editor shift-leader dispatcher analyst supervisor auditor
    ListStatements          read   opinion-editor shift-leader dispatcher analyst supervisor auditor

    service quintet.supervision.v1.ClockBoardService
    WatchClocks             read   supervisor shift-leader dispatcher station auditor

    service quintet.supervision.v1.DeadlineService
    GetDeadline             read   supervisor shift-leader dispatcher station auditor
    ListDeadlines           read   supervisor shift-leader dispatcher station auditor
    CountDeadlines          read   supervisor shift-leader dispatcher station auditor
    ListRules               open
    PutRule                 change supervisor

    service quintet.supervision.v1.ClockService
    GetClock                open
    StartExercise           change operator
    AdvanceClock            change operator
    EndExercise             change operator

    service quintet.supervision.v1.EvaluationService
    GetEvaluation           read   supervisor shift-leader station analyst auditor
    ListEvaluations         read   supervisor shift-leader station analyst auditor

    service quintet.supervision.v1.LookUpService
    ListLookUpFindings      read   supervisor auditor
    GetLookUpFinding        read   supervisor auditor
    AnswerLookUpFinding     change supervisor
    ListLookUpRules         open
    PutLookUpRule           change supervisor

    service quintet.supervision.v1.AnalyticsService
    ListIntervalFigures     read   supervisor shift-leader station analyst auditor
    ListUtilisationFigures  read   supervisor shift-leader station analyst auditor
    ListBulletinLines       read   supervisor shift-leader station analyst auditor
    ExportFigures           read   supervisor shift-leader station analyst auditor

    service quintet.events.v1.EventService
    Watch                   read   service operator
    ReadSnapshot            read   service operator
    GetFeedStatus           open

    service quintet.audit.v1.AuditService
    GetCheckpoint           open
    GetInclusionProof       read   auditor operator
    GetConsistencyProof     open
    ListAuditEntries        read   auditor
    ExportAuditEntries      read   auditor operator

    service quintet.operations.v1.StoreService
    DumpStore               read   operator

    service quintet.operations.v1.FeedService
    ListParkedEvents        read   operator
    RetryParkedEvent        change operator
    SkipParkedEvent         change operator
    PruneFeed               change operator

    service quintet.operations.v1.RetentionService
    ListRetentionPeriods    open
    RunRetention            change operator

    service quintet.gateway.v1.StatusService
    GetStatus               open
    """
}
