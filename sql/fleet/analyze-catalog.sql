-- The tables of PostgreSQL and of the books that grow with each tenant. Who may not analyze one gets a warning only.
analyze
  pg_catalog.pg_attribute,
  pg_catalog.pg_attrdef,
  pg_catalog.pg_class,
  pg_catalog.pg_constraint,
  pg_catalog.pg_default_acl,
  pg_catalog.pg_depend,
  pg_catalog.pg_description,
  pg_catalog.pg_index,
  pg_catalog.pg_inherits,
  pg_catalog.pg_namespace,
  pg_catalog.pg_sequence,
  pg_catalog.pg_trigger,
  pg_catalog.pg_type,
  tenantry.registry,
  tenantry.ledger
