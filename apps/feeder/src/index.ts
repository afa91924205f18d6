// The public door of @causeway/feeder.
export {}
