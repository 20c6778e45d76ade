-- An amount in pesos that an employee might earn in a month. It has nothing of what he earns.
create function pg_temp.mask_salary(employee_id bigint) returns bigint
language sql
stable
strict
return 500000 + 1000 * pg_temp.mask_number('salary ' || employee_id, 2500);
