"""What a site says of how it wants to be visited: robots.txt, Retry-After, reservations; and where no request of ours may lead."""
