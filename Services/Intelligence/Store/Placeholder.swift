enum IntelligenceStorePlaceholder {}
