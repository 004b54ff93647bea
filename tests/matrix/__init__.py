"""Who reaches what: every address × method × person × kind of case, by real requests."""
