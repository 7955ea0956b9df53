"""Reading what users have: count tables in many formats, sample sheets, panels; and downloading tables."""
