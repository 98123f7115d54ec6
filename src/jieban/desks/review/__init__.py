"""The reviewer's desk: replies beside the requests they answer."""
