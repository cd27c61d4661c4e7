enum DutySubscriptionsPlaceholder {}
