enum IntelligenceDomainPlaceholder {}
