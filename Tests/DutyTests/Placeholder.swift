enum DutyTestsPlaceholder {}
