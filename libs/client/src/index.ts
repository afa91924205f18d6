// The public door of @causeway/client.
export {}
