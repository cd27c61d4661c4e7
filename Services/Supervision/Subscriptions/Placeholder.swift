enum SupervisionSubscriptionsPlaceholder {}
