-- Staff and their rights, assistance, and the record.
-- append-only: audit_entry
-- append-only: audit_seal

CREATE TABLE staff_role (
  id @id,
  name @text NOT NULL UNIQUE,
  all_resources @bool NOT NULL,
  scope @int NOT NULL                               -- bit w: website w; -1: all
);
CREATE TABLE staff_role_resource (
  role_id @int NOT NULL REFERENCES staff_role(id) ON DELETE CASCADE,
  resource @text NOT NULL,
  PRIMARY KEY (role_id, resource)
);
CREATE TABLE staff_user (
  id @id,
  username @text NOT NULL,
  username_fold @text NOT NULL UNIQUE,
  firstname @text NOT NULL,
  lastname @text NOT NULL,
  email @text NOT NULL,
  search_fold @text NOT NULL,
  role_id @int NOT NULL REFERENCES staff_role(id),
  locale @text NOT NULL,
  password_hash @text NOT NULL,
  active @bool NOT NULL,
  failed_logins @int NOT NULL,
  locked_until_us @time,
  created_us @time NOT NULL,
  last_login_us @time
);
CREATE INDEX staff_user_role ON staff_user(role_id);
CREATE TABLE staff_session (
  id @id,
  token_hash @blob NOT NULL UNIQUE,
  staff_id @int NOT NULL REFERENCES staff_user(id) ON DELETE CASCADE,
  created_us @time NOT NULL,
  seen_us @time NOT NULL,
  ended_us @time,
  ip @text NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session(staff_id, ended_us);

-- Every giving and withdrawing of consent, never changed afterwards; customer.consent_id points at the one that stands.
CREATE TABLE assist_consent (
  id @id,
  customer_id @int NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
  granted @bool NOT NULL,
  until_us @time,                                   -- NULL: until withdrawn
  at_us @time NOT NULL,
  by_staff_id @int,                                 -- NULL: the customer
  by_name @text NOT NULL,
  source @text NOT NULL,                            -- register, account, admin, demo
  ip @text NOT NULL,
  view_id @int
);
CREATE INDEX assist_consent_customer ON assist_consent(customer_id, id);

-- The one-time secret of a hand-over: its hash, bound to one staff session, one customer, one store view.
CREATE TABLE assist_secret (
  token_hash @blob NOT NULL PRIMARY KEY,
  staff_id @int NOT NULL REFERENCES staff_user(id) ON DELETE CASCADE,
  staff_session_id @int NOT NULL REFERENCES staff_session(id) ON DELETE CASCADE,
  customer_id @int NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
  view_id @int NOT NULL REFERENCES store_view(id),
  origin_kind @text NOT NULL,                       -- customer, customers, order, invoice, …
  origin_id @int NOT NULL,
  origin_label @text NOT NULL,                      -- "order 100000012"
  origin_path @text NOT NULL,                       -- where Close Session leads
  created_us @time NOT NULL,
  expires_us @time NOT NULL,
  spent_us @time
);
CREATE INDEX assist_secret_expires ON assist_secret(expires_us);

CREATE TABLE assist_session (
  id @id,
  public_id @text NOT NULL UNIQUE,                  -- stands in the address; no secret
  token_hash @blob NOT NULL,                        -- of the cookie
  staff_id @int NOT NULL REFERENCES staff_user(id),
  staff_session_id @int NOT NULL,
  staff_name @text NOT NULL,
  customer_id @int NOT NULL,
  customer_name @text NOT NULL,
  customer_email @text NOT NULL,
  website_id @int NOT NULL,
  view_id @int NOT NULL REFERENCES store_view(id),
  origin_kind @text NOT NULL,
  origin_id @int NOT NULL,
  origin_label @text NOT NULL,
  origin_path @text NOT NULL,
  started_us @time NOT NULL,
  seen_us @time NOT NULL,
  ends_us @time NOT NULL,                           -- the absolute limit
  ended_us @time,
  end_cause @text,                                  -- closed, sign_out, consent_withdrawn, …: see assist_cause_text
  changes @int NOT NULL,
  search_fold @text NOT NULL,
  ip @text NOT NULL
);
CREATE INDEX assist_session_staff ON assist_session(staff_id, ended_us);
CREATE INDEX assist_session_staff_session ON assist_session(staff_session_id, ended_us);
CREATE INDEX assist_session_customer ON assist_session(customer_id, id);
CREATE INDEX assist_session_open ON assist_session(ended_us, ends_us);

-- The record. id counts from 1 without a gap; hash chains each entry to the one before it.
CREATE TABLE audit_entry (
  id @int NOT NULL PRIMARY KEY,
  at_us @time NOT NULL,
  action_group @text NOT NULL,
  action @text NOT NULL,                            -- for people: "Login as Customer"
  full_action @text NOT NULL,                       -- for machines: assist_start
  result @text NOT NULL CHECK (result IN ('success', 'failure')),
  reason @text NOT NULL,                            -- why it failed; '' on success
  actor @text NOT NULL,                             -- guest, customer, staff, assisted, integration, system
  staff_id @int,
  username @text NOT NULL,
  customer_id @int,
  customer @text NOT NULL,                          -- name and e-mail at that time
  session_id @int,                                  -- the assisted session
  website_id @int,
  view @text NOT NULL,
  origin @text NOT NULL,                            -- the page an assisted session was started from
  subject_kind @text NOT NULL,
  subject_id @text NOT NULL,
  details @text NOT NULL,                           -- one line for people
  before_json @text NOT NULL,
  after_json @text NOT NULL,
  ip @text NOT NULL,
  search_fold @text NOT NULL,
  prev_hash @blob NOT NULL,
  hash @blob NOT NULL
);
CREATE INDEX audit_entry_group ON audit_entry(action_group, id);
CREATE INDEX audit_entry_action ON audit_entry(full_action, id);
CREATE INDEX audit_entry_username ON audit_entry(username, id);
CREATE INDEX audit_entry_result ON audit_entry(result, id);
CREATE INDEX audit_entry_ip ON audit_entry(ip, id);
CREATE INDEX audit_entry_time ON audit_entry(at_us, id);
CREATE INDEX audit_entry_session ON audit_entry(session_id, id);
CREATE INDEX audit_entry_customer ON audit_entry(customer_id, id);

-- A signed statement that the chain had this head at this time (Ed25519). The key lies outside the database.
CREATE TABLE audit_seal (
  id @int NOT NULL PRIMARY KEY,
  at_us @time NOT NULL,
  entries @int NOT NULL,
  head_hash @blob NOT NULL,
  public_key @blob NOT NULL,
  signature @blob NOT NULL
);
