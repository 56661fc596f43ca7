-- To find what was stored since a moment without reading every point: parts and granules that hold nothing newer are
-- skipped. New parts only; a part from before is read as a whole until it is merged.
ALTER TABLE metric_points ADD INDEX IF NOT EXISTS points_by_version version TYPE minmax GRANULARITY 1;
