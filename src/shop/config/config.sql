-- How many e-mails belong to more than one account: shared accounts need this to be 0.
-- read one config_shared_emails () -> n int
SELECT count(*) FROM (SELECT email_fold FROM customer GROUP BY email_fold HAVING count(*) > 1) AS twice;
