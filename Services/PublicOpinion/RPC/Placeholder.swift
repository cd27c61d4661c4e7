enum PublicOpinionRPCPlaceholder {}
