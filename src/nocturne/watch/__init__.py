"""What happens by itself: entries are followed up, timers go off, jobs are done, notices leave, time passes."""
