enum IntelligenceRPCPlaceholder {}
