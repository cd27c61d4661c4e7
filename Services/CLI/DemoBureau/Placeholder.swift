enum DemoBureauPlaceholder {}
