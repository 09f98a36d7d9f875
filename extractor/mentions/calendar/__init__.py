"""Calendar: dates, deadlines and durations, in words and digits."""
