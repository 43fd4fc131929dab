-- Money that goes back through a payment provider (docs/payment.md). With a credit memo: the provider is asked in the background,
-- always under the same key, until it says what became of it. Without one: the provider gave it back on its own, and told us.
CREATE TABLE payment_refund (
  id @id,
  order_id @int NOT NULL REFERENCES sales_order(id),
  creditmemo_id @int REFERENCES sales_creditmemo(id),
  website_id @int NOT NULL REFERENCES website(id),
  method @text NOT NULL,
  payment @text NOT NULL,                           -- the provider's name of the payment that it is taken from
  refund_key @text,                                 -- ours: asked twice under one key, it is given back once
  reference @text,                                  -- the provider's name of the refund, when we know it
  amount_minor @money NOT NULL CHECK (amount_minor > 0),
  currency @text NOT NULL,
  state @text NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
  reason @text NOT NULL,                            -- what the provider said when it refused
  created_us @time NOT NULL,
  next_try_us @time NOT NULL,                       -- while it is waiting
  tries @int NOT NULL,
  settled_us @time,                                 -- done or refused
  CHECK (creditmemo_id IS NULL OR refund_key IS NOT NULL)
);
CREATE UNIQUE INDEX payment_refund_creditmemo ON payment_refund(creditmemo_id);
CREATE UNIQUE INDEX payment_refund_key ON payment_refund(refund_key);
CREATE UNIQUE INDEX payment_refund_reference ON payment_refund(method, reference);
CREATE INDEX payment_refund_order ON payment_refund(order_id, id);
CREATE INDEX payment_refund_due ON payment_refund(state, next_try_us);
