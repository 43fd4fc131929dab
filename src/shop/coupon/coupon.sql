-- until_us: the first moment at which it does not hold any more.
-- read one coupon_get (id int) -> id int, code text, name text, website_id int?, kind text, value int, minimum int, from_us int?,
--      until_us int?, uses_max int?, uses_per_customer int?, uses int, active bool
SELECT id, code, name, website_id, kind, value, minimum_minor, from_us, until_us, uses_max, uses_per_customer, uses, active
  FROM coupon
 WHERE id = :id AND (website_id IS NULL OR ((CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1) = 1);

-- read one coupon_taken (code_fold text, except_id int) -> n int
SELECT count(*) FROM coupon WHERE code_fold = :code_fold AND id <> :except_id;

-- write one coupon_insert (code text, code_fold text, name text, website_id int?, kind text, value int, minimum int, from_us int?,
--       until_us int?, uses_max int?, uses_per_customer int?, active bool, now_us int) -> id int
INSERT INTO coupon (code, code_fold, name, website_id, kind, value, minimum_minor, from_us, until_us, uses_max, uses_per_customer,
                    uses, active, created_us)
VALUES (:code, :code_fold, :name, :website_id, :kind, :value, :minimum, :from_us, :until_us, :uses_max, :uses_per_customer, 0,
        :active, :now_us) RETURNING id;

-- write exec coupon_update (id int, code text, code_fold text, name text, website_id int?, kind text, value int, minimum int,
--       from_us int?, until_us int?, uses_max int?, uses_per_customer int?, active bool)
UPDATE coupon SET code = :code, code_fold = :code_fold, name = :name, website_id = :website_id, kind = :kind, value = :value,
       minimum_minor = :minimum, from_us = :from_us, until_us = :until_us, uses_max = :uses_max,
       uses_per_customer = :uses_per_customer, active = :active
 WHERE id = :id;

-- write exec coupon_delete (id int)
DELETE FROM coupon WHERE id = :id;
