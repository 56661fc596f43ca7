-- A unit is learned once, maybe after the first points are stored, and each writer knows those it has learned
-- itself. With max, a writer that does not know the unit yet cannot wipe it.
ALTER TABLE metric_series MODIFY COLUMN unit SimpleAggregateFunction(max, LowCardinality(String));
