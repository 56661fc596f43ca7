-- Counts changes of records that every process keeps a copy of in memory, so that a copy knows when it is out of date.
-- Nothing older reads it.

create table change_counters (
  family text primary key,
  count bigint not null
);
insert into change_counters (family, count) values ('identity', 0), ('logs', 0);
