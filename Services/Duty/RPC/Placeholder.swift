enum DutyRPCPlaceholder {}
