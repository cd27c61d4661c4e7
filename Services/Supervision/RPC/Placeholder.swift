enum SupervisionRPCPlaceholder {}
