-- Codecs of points by what a query of a day of 2,000 series costs, and by bytes on disk; see docs/benchmarks.md. Parts that exist are
-- rewritten when they are merged. Older servers are not disturbed.
ALTER TABLE metric_points
  MODIFY COLUMN series_id UUID CODEC(LZ4),
  MODIFY COLUMN timestamp DateTime('UTC') CODEC(Delta, ZSTD(1)),
  MODIFY COLUMN value Float64 CODEC(LZ4);
