-- The checkout of a cart: addresses, ways of shipping and payment, and what goes where. @self is the customer for whom the
-- request acts, in person or by staff.

-- ---- the state ----

-- read one checkout_get (cart_id int) -> id int, checkout_key text, email text, several bool, same_address bool,
--      coupon_code text, payment_method text, purchase_order text
SELECT id, checkout_key, email, several, same_address, coupon_code, payment_method, purchase_order
  FROM checkout WHERE cart_id = :cart_id;

-- write exec checkout_set_email (id int, email text, now_us int)
UPDATE checkout SET email = :email, updated_us = :now_us WHERE id = :id;

-- write exec checkout_set_several (id int, several bool, now_us int)
UPDATE checkout SET several = :several, updated_us = :now_us WHERE id = :id;

-- write exec checkout_set_same (id int, same_address bool, now_us int)
UPDATE checkout SET same_address = :same_address, updated_us = :now_us WHERE id = :id;

-- write exec checkout_set_payment (id int, payment_method text, purchase_order text, now_us int)
UPDATE checkout SET payment_method = :payment_method, purchase_order = :purchase_order, updated_us = :now_us WHERE id = :id;

-- ---- where to ----

-- read rows checkout_places (checkout_id int) -> id int, role text, position int, address_id int?, firstname text, lastname text,
--      company text, street1 text, street2 text, postcode text, city text, region text, country text, telephone text,
--      shipping_method text
SELECT id, role, position, address_id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone,
       shipping_method
  FROM checkout_address WHERE checkout_id = :checkout_id ORDER BY role, position;

-- Puts an address in its place; a way of shipping that was chosen for the place stays.
-- write one checkout_place_put (checkout_id int, role text, position int, address_id int?, firstname text, lastname text,
--       company text, street1 text, street2 text, postcode text, city text, region text, country text, telephone text) -> id int
INSERT INTO checkout_address (checkout_id, role, position, address_id, firstname, lastname, company, street1, street2, postcode,
                              city, region, country, telephone, shipping_method)
VALUES (:checkout_id, :role, :position, :address_id, :firstname, :lastname, :company, :street1, :street2, :postcode,
        :city, :region, :country, :telephone, '')
ON CONFLICT (checkout_id, role, position) DO UPDATE
   SET address_id = excluded.address_id, firstname = excluded.firstname, lastname = excluded.lastname,
       company = excluded.company, street1 = excluded.street1, street2 = excluded.street2, postcode = excluded.postcode,
       city = excluded.city, region = excluded.region, country = excluded.country, telephone = excluded.telephone
RETURNING id;

-- The addresses behind this place, with what was to go there.
-- write exec checkout_places_cut (checkout_id int, role text, position int)
DELETE FROM checkout_address WHERE checkout_id = :checkout_id AND role = :role AND position > :position;

-- write exec checkout_set_shipping (id int, shipping_method text)
UPDATE checkout_address SET shipping_method = :shipping_method WHERE id = :id;

-- ---- what goes where, when there are several addresses ----

-- read rows checkout_goods (checkout_id int) -> position int, product_id int, qty int
SELECT a.position, i.product_id, i.qty
  FROM checkout_item i JOIN checkout_address a ON a.id = i.checkout_address_id
 WHERE a.checkout_id = :checkout_id AND a.role = 'shipping' ORDER BY a.position, i.id;

-- write exec checkout_goods_clear (checkout_id int)
DELETE FROM checkout_item
 WHERE checkout_address_id IN (SELECT id FROM checkout_address WHERE checkout_id = :checkout_id);

-- write exec checkout_goods_put (place_id int, product_id int, qty int)
INSERT INTO checkout_item (checkout_address_id, product_id, qty) VALUES (:place_id, :product_id, :qty);

-- ---- the customer ----

-- read one checkout_customer () -> firstname text, lastname text, email text, telephone text, default_billing_id int?,
--      default_shipping_id int?
SELECT firstname, lastname, email, telephone, default_billing_id, default_shipping_id FROM customer WHERE id = @self;

-- read rows checkout_book () -> id int, firstname text, lastname text, company text, street1 text, street2 text,
--      postcode text, city text, region text, country text, telephone text
SELECT id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone
  FROM address WHERE customer_id = @self ORDER BY id;

-- ---- after it ----

-- The orders of the latest checkout: of the customer, or of a guest's visit.
-- read one checkout_latest_own (website_id int) -> checkout_key text
SELECT checkout_key FROM sales_order WHERE customer_id = @self AND website_id = :website_id ORDER BY id DESC LIMIT 1;

-- read one checkout_latest_of_visit (session_id int) -> checkout_key text
SELECT checkout_key FROM sales_order WHERE shop_session_id = :session_id AND guest = 1 ORDER BY id DESC LIMIT 1;
