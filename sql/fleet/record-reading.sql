-- Keeps how large the fleet is now; when that is (sql/books/007_readings.sql).
select tenantry.record_reading() as "takenAt"
