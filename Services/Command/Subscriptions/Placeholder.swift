enum CommandSubscriptionsPlaceholder {}
