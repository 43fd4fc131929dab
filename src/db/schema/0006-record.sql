-- The record without an index for each of its filters. Those made every change write a page for each of them; now the words and
-- values of 256 entries at a time are kept, some seconds after they were written. Whoever looks for one reads the blocks that hold
-- it, and the entries that are in no block yet (src/audit/audit_index.c, src/grid/grid_blocks.c).
-- append-only: audit_block
CREATE TABLE audit_block (
  id @int NOT NULL PRIMARY KEY,                     -- of entries 256 id to 256 id + 255
  low_us @time NOT NULL,
  high_us @time NOT NULL,
  search_fold @text NOT NULL                        -- the words of its entries; key=value of what filters ask for
);
CREATE INDEX audit_block_time ON audit_block(low_us, high_us);
-- words: audit_block(search_fold)

DROP INDEX audit_entry_group;
DROP INDEX audit_entry_action;
DROP INDEX audit_entry_username;
DROP INDEX audit_entry_result;
DROP INDEX audit_entry_ip;
DROP INDEX audit_entry_time;
DROP INDEX audit_entry_customer;
DROP INDEX audit_entry_title;
DROP INDEX audit_entry_actor;
DROP INDEX audit_entry_view;
DROP INDEX audit_entry_session;
CREATE INDEX audit_entry_session ON audit_entry(session_id, id) WHERE session_id IS NOT NULL;
