enum ServiceHostPlaceholder {}
