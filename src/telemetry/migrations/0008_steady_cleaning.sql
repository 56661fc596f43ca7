-- Merged parts are deleted as they come, not thousands at once every half a minute: meanwhile nobody else got to the disk.
ALTER TABLE log_events MODIFY SETTING cleanup_delay_period = 1, cleanup_delay_period_random_add = 0, max_cleanup_delay_period = 1;
