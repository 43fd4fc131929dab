-- Searching without reading every row: the words of what is searched, and a record without an index for each filter.

-- While it has a row, the words of new rows are not kept one by one; see tools/sqlwords.py.
CREATE TABLE word_pause (
  id @int NOT NULL PRIMARY KEY,
  reason @text NOT NULL
);

-- The texts of before had no parts: name, e-mail address, telephone number, postcodes. All that they hold stays to be found; a
-- customer who is saved gets the words that customer_search_fold makes.
UPDATE customer SET search_fold = ' ' || search_fold
  || ' = ' || email_fold || ' ' || replace(email_fold, '@', ' ')
  || ' = ' || replace(replace(telephone, ' ', ''), '+', '')
  || ' = ' || COALESCE((SELECT lower(replace(a.postcode, ' ', '')) FROM address a WHERE a.id = default_billing_id), '');
-- words: customer(search_fold)
-- words: sales_order(search_fold)
-- words: sales_invoice(search_fold)
-- words: sales_shipment(search_fold)
-- words: sales_creditmemo(search_fold)
