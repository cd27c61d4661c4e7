// The access table itself. Read it as a page: roles, then what is forbidden to whom whatever else
// they are, then purposes, then every method of every service.

enum AccessRows {
  static let text = rolesAndCommand + "\n\n" + others

  private static let rolesAndCommand = """
    # role  NAME            中文             SCOPE  DUTY
    role    call-taker      接警员           area   on-duty
    role    dispatcher      派警员           area   on-duty
    role    shift-leader    值班长           area   on-duty
    role    station         派出所指挥室     area   on-duty
    role    officer         民警             own    on-duty
    role    analyst         研判员           area
    role    opinion-editor  舆情编辑         all
    role    supervisor      督办员           area
    role    auditor         审计员           all
    role    operator        运维             all
    role    partner         合作单位         own
    role    volunteer       志愿者           own    on-duty
    role    member          在册人员         own
    role    service         系统服务         all

    # Whoever checks changes nothing; whoever runs the machines and whoever is not of the bureau
    # looks nobody up.
    forbid  auditor         change
    forbid  auditor         lookup
    forbid  operator        lookup
    forbid  partner         lookup
    forbid  volunteer       lookup

    # What each role may look somebody up for.
    purpose call-back        回拨核实 call-taker dispatcher shift-leader station officer
    purpose rescue           救助     call-taker dispatcher shift-leader station officer
    purpose repeat-calls     重复警情 call-taker dispatcher shift-leader station analyst
    purpose investigation    案件办理 station analyst
    purpose fraud-prevention 反诈劝阻 dispatcher shift-leader station officer
    purpose complaint        投诉办理 shift-leader
    purpose disposal-review  处置复盘 dispatcher shift-leader station supervisor

    service quintet.command.v1.CallReportService
    AnswerCall              change call-taker dispatcher shift-leader
    OpenIncident            change call-taker dispatcher shift-leader
    AttachCall              change call-taker dispatcher shift-leader
    EndCall                 change call-taker dispatcher shift-leader
    SubmitReport            change partner call-taker dispatcher shift-leader station officer
    StreamReports           change partner call-taker dispatcher shift-leader station
    GetCallReport           read   call-taker dispatcher shift-leader station supervisor analyst auditor partner
    ListCallReports         read   call-taker dispatcher shift-leader station supervisor analyst auditor partner

    service quintet.command.v1.IncidentService
    GetIncident             read   call-taker dispatcher shift-leader station officer analyst opinion-editor supervisor auditor partner
    ListIncidents           read   call-taker dispatcher shift-leader station officer analyst opinion-editor supervisor auditor partner service:duty service:intelligence service:publicopinion service:supervision
    GetTimeline             read   call-taker dispatcher shift-leader station officer analyst supervisor auditor
    ClassifyIncident        change call-taker dispatcher shift-leader
    QueueIncident           change dispatcher shift-leader
    ActivateIncident        change dispatcher shift-leader
    MonitorIncident         change dispatcher shift-leader
    DivertIncident          change call-taker dispatcher shift-leader
    ResolveDiversion        change dispatcher shift-leader partner
    MergeIncident           change dispatcher shift-leader
    SplitIncident           change dispatcher shift-leader
    CancelIncident          change dispatcher shift-leader

    service quintet.command.v1.BoardService
    WatchIncidents          read   call-taker dispatcher shift-leader station officer analyst opinion-editor supervisor auditor

    service quintet.command.v1.ReviewService
    RequestFeedback         change dispatcher shift-leader
    SubmitIncidentFeedback  change station officer
    ReturnIncidentFeedback  change supervisor shift-leader service:supervision
    CloseIncident           change dispatcher shift-leader
    ReopenIncident          change shift-leader supervisor

    service quintet.command.v1.DispatchService
    RecommendUnits          change dispatcher shift-leader station
    PlanResponse            change dispatcher shift-leader
    RecommendGroup          change dispatcher shift-leader station
    DispatchUnits           change dispatcher shift-leader station
    AdvanceAssignment       change officer volunteer dispatcher shift-leader station
    StreamAssignmentSteps   change officer volunteer dispatcher shift-leader station
    CancelAssignment        change dispatcher shift-leader station
    GetAssignment           read   dispatcher shift-leader station officer volunteer supervisor auditor
    GetRecommendation       read   dispatcher shift-leader station supervisor auditor

    service quintet.command.v1.DispatchRuleService
    SwitchOnDispatchRule    change shift-leader
    SwitchOffDispatchRule   change shift-leader
    ListDispatchRules       read   dispatcher shift-leader station supervisor auditor

    service quintet.command.v1.DirectiveService
    DraftDirective          change dispatcher shift-leader station supervisor
    IssueDirective          change dispatcher shift-leader station supervisor
    ConfirmDelivery         change officer volunteer station dispatcher shift-leader
    AcknowledgeDirective    change officer volunteer station dispatcher shift-leader
    StartDirective          change officer volunteer station dispatcher shift-leader
    SubmitDirectiveFeedback change officer volunteer station dispatcher shift-leader
    AcceptDirectiveFeedback change dispatcher shift-leader supervisor
    ReturnDirectiveFeedback change dispatcher shift-leader supervisor service:supervision
    ReassignDirective       change dispatcher shift-leader
    CancelDirective         change dispatcher shift-leader
    GetDirective            read   dispatcher shift-leader station officer volunteer supervisor auditor
    ListDirectives          read   dispatcher shift-leader station officer volunteer supervisor auditor
    WatchDirectives         read   dispatcher shift-leader station officer volunteer supervisor
    RemindDirective         change dispatcher shift-leader supervisor
    RecallDirective         change dispatcher shift-leader
    ConfirmRecall           change officer volunteer station dispatcher shift-leader
    ReissueDirective        change dispatcher shift-leader
    PutAttachmentPiece      change officer volunteer station dispatcher shift-leader
    GetAttachment           read   dispatcher shift-leader station officer volunteer supervisor auditor

    service quintet.command.v1.DirectiveTemplateService
    PutDirectiveTemplate    change shift-leader supervisor
    GetDirectiveTemplate    open
    ListDirectiveTemplates  open

    service quintet.command.v1.CordonService
    PutCordonPlan           change dispatcher shift-leader
    GetCordonPlan           read   dispatcher shift-leader station supervisor auditor
    ListCordonPlans         read   dispatcher shift-leader station supervisor auditor
    ActivateCordon          change dispatcher shift-leader
    MoveCordon              change dispatcher shift-leader
    ReleaseCordon           change dispatcher shift-leader
    GetCordon               read   dispatcher shift-leader station supervisor auditor
    ListCordons             read   dispatcher shift-leader station supervisor auditor

    service quintet.command.v1.SupportService
    AskSupport              change station officer dispatcher shift-leader
    AddSupportPart          change station officer dispatcher shift-leader
    TakeSupportPart         change dispatcher shift-leader analyst officer call-taker
    AnswerSupportPart       change dispatcher shift-leader analyst officer call-taker
    GiveBackSupportPart     change dispatcher shift-leader analyst officer call-taker
    CloseSupportRequest     change station officer dispatcher shift-leader
    WithdrawSupportRequest  change station officer
    GetSupportRequest       read   call-taker dispatcher shift-leader station officer analyst supervisor auditor
    ListSupportRequests     read   call-taker dispatcher shift-leader station officer analyst supervisor auditor
    CountSupportRequests    read   dispatcher shift-leader station analyst supervisor auditor

    service quintet.command.v1.ConsultationService
    PlanConsultation        change dispatcher shift-leader
    OpenConsultation        change dispatcher shift-leader
    CancelConsultation      change shift-leader
    PutAgendaItem           change station analyst dispatcher shift-leader
    RecordAttendance        change station dispatcher shift-leader
    LinkAgendaItem          change dispatcher shift-leader
    RecordDecision          change shift-leader
    WithdrawDecision        change shift-leader
    IssueDecision           change shift-leader
    CloseConsultation       change shift-leader
    AmendConsultation       change shift-leader
    GetConsultation         read   dispatcher shift-leader station analyst supervisor auditor
    ListConsultations       read   dispatcher shift-leader station analyst supervisor auditor
    GetMinutes              read   dispatcher shift-leader station analyst supervisor auditor

    service quintet.command.v1.SeriesService
    ProposeSeries           change station dispatcher shift-leader analyst
    ConfirmSeries           change shift-leader
    RejectSeries            change shift-leader
    AddSeriesMember         change station dispatcher shift-leader analyst
    DropSeriesMember        change station dispatcher shift-leader analyst
    DissolveSeries          change shift-leader
    GetSeries               read   dispatcher shift-leader station officer analyst supervisor auditor
    ListSeries              read   dispatcher shift-leader station officer analyst supervisor auditor

    service quintet.command.v1.CallerService
    LookUpCaller            lookup call-taker dispatcher shift-leader station analyst
    RevealCaller            lookup call-taker dispatcher shift-leader station officer

    service quintet.command.v1.OperatingModeService
    PutModePlan             change shift-leader
    GetModePlan             read   dispatcher shift-leader station supervisor auditor
    ListModePlans           read   dispatcher shift-leader station supervisor auditor
    SwitchToWar             change shift-leader
    StandDown               change shift-leader
    GetOperatingMode        open
    GetMuster               read   call-taker dispatcher shift-leader station officer supervisor auditor
    ListMusters             read   call-taker dispatcher shift-leader station officer supervisor auditor
    ListMissingMembers      read   call-taker dispatcher shift-leader station officer supervisor auditor
    AcknowledgeSummons      change officer station dispatcher shift-leader
    ReportMuster            change officer station dispatcher shift-leader
    ExcuseMember            change shift-leader
    AddMember               change dispatcher shift-leader

    service quintet.command.v1.CampaignService
    CreateCampaign          change dispatcher shift-leader
    GetCampaign             read   dispatcher shift-leader station officer supervisor auditor
    ListCampaigns           read   dispatcher shift-leader station officer supervisor auditor
    SplitCampaign           change dispatcher shift-leader
    ListCampaignParts       read   dispatcher shift-leader station officer supervisor auditor
    HandOutParts            change dispatcher shift-leader
    CloseCampaign           change shift-leader

    service quintet.command.v1.CampaignRowService
    ImportCampaignRows      change dispatcher shift-leader
    GetCampaignImport       read   dispatcher shift-leader auditor
    ListQuarantinedRows     read   dispatcher shift-leader auditor
    ListCampaignRows        read   dispatcher shift-leader station officer supervisor auditor
    CheckCampaignRow        change station officer
    SettleCampaignRow       change station dispatcher shift-leader
    WriteOffCampaignRows    change dispatcher shift-leader
    RevealCampaignRow       lookup dispatcher shift-leader station officer
    ExportCampaignRows      read   dispatcher shift-leader station supervisor auditor
    """
}
