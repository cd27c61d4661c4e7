enum PublicOpinionSubscriptionsPlaceholder {}
