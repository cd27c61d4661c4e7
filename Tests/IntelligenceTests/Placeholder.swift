enum IntelligenceTestsPlaceholder {}
