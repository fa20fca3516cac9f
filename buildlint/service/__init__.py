"""The service: its contract as data, the request, the content that is sent, and the call itself."""
