enum GatewayRoutingPlaceholder {}
