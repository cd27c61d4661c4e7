enum IntelligenceSubscriptionsPlaceholder {}
