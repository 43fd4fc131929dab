-- What the demo shop sells by: taxes, shipping prices, coupons.

-- write exec demo_add_tax_rate (tax_class text, country text, name text, rate_bp int)
INSERT INTO tax_rate (tax_class, country, name, rate_bp) VALUES (:tax_class, :country, :name, :rate_bp);

-- write exec demo_add_shipping_rate (website_id int, country text, from_weight_g int, price_minor int)
INSERT INTO shipping_rate (website_id, country, from_weight_g, price_minor)
VALUES (:website_id, :country, :from_weight_g, :price_minor);

-- write exec demo_add_coupon (code text, code_fold text, name text, website_id int?, kind text, value int, minimum_minor int,
--       until_us int?, uses_max int?, uses_per_customer int?, created_us int)
INSERT INTO coupon (code, code_fold, name, website_id, kind, value, minimum_minor, from_us, until_us, uses_max, uses_per_customer,
                    uses, active, created_us)
VALUES (:code, :code_fold, :name, :website_id, :kind, :value, :minimum_minor, NULL, :until_us, :uses_max, :uses_per_customer, 0, 1,
        :created_us);
