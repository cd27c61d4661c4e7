enum PublicOpinionStorePlaceholder {}
