/* The addresses of printed documents. */
#include "gen/print_gate.h"
#include "shop/print/print_inside.h"

/* Lives in the reply's arena until the PDF is made. */
struct print_job {
    struct paper *papers;
    size_t n;
};

static enum err make_pdf(void *arg, struct buf *out) {
    const struct print_job *job = arg;
    return paper_pdf(job->papers, job->n, out);
}

/* One document is named after its number, several after their kind. */
static str file_name(struct arena *a, enum print_kind kind, const struct print_document *only) {
    static const str words[] = {[PRINT_ORDER] = S_INIT("order"),
                                [PRINT_INVOICE] = S_INIT("invoice"),
                                [PRINT_SHIPMENT] = S_INIT("packing-slip"),
                                [PRINT_CREDITMEMO] = S_INIT("credit-memo")};
    if (only) return arena_printf(a, "%.*s-%lld.pdf", STR_ARG(words[kind]), (long long)only->number);
    return ARENA_CAT(a, words[kind], S("s.pdf"));
}

static enum err print_all(struct page *p, enum print_kind kind, const i64 *ids, size_t n,
                          enum print_reader reader) {
    struct print_job *job = ARENA_NEW(p->arena, struct print_job);
    struct print_document d;
    job->papers = ARENA_ARRAY(p->arena, struct paper, n);
    for (; job->n < n; job->n++) {
        TRY(print_load(p->db, p->arena, kind, ids[job->n], reader, &d));
        job->papers[job->n] = print_paper(p, &d);
    }
    reply_title(p->reply, job->papers[0].title);
    reply_work(p->reply, S("application/pdf"), file_name(p->arena, kind, n == 1 ? &d : NULL), make_pdf, job);
    return OK;
}

enum err page_print_order(struct page *p, const struct print_order_in *in) {
    return print_all(p, PRINT_ORDER, &in->id, 1, PRINT_FOR_STAFF);
}

enum err page_print_invoice(struct page *p, const struct print_invoice_in *in) {
    return print_all(p, PRINT_INVOICE, &in->id, 1, PRINT_FOR_STAFF);
}

enum err page_print_shipment(struct page *p, const struct print_shipment_in *in) {
    return print_all(p, PRINT_SHIPMENT, &in->id, 1, PRINT_FOR_STAFF);
}

enum err page_print_creditmemo(struct page *p, const struct print_creditmemo_in *in) {
    return print_all(p, PRINT_CREDITMEMO, &in->id, 1, PRINT_FOR_STAFF);
}

/* What was ticked in a grid; with nothing ticked there is nothing to print. */
static enum err print_ticked(struct page *p, enum print_kind kind, const i64 *ids, size_t n, str back) {
    if (n) return print_all(p, kind, ids, n, PRINT_FOR_STAFF);
    reply_redirect(p->reply, str_starts(back, S("/admin/")) ? back : S("/admin"));
    return OK;
}

enum err page_print_orders(struct page *p, const struct print_orders_in *in) {
    return print_ticked(p, PRINT_ORDER, in->ids, in->ids_n, in->back);
}

enum err page_print_invoices(struct page *p, const struct print_invoices_in *in) {
    return print_ticked(p, PRINT_INVOICE, in->ids, in->ids_n, in->back);
}

enum err page_print_shipments(struct page *p, const struct print_shipments_in *in) {
    return print_ticked(p, PRINT_SHIPMENT, in->ids, in->ids_n, in->back);
}

enum err page_print_creditmemos(struct page *p, const struct print_creditmemos_in *in) {
    return print_ticked(p, PRINT_CREDITMEMO, in->ids, in->ids_n, in->back);
}

enum err page_print_own_invoice(struct page *p, const struct print_own_invoice_in *in) {
    return print_all(p, PRINT_INVOICE, &in->id, 1, PRINT_FOR_CUSTOMER);
}

enum err page_print_own_creditmemo(struct page *p, const struct print_own_creditmemo_in *in) {
    return print_all(p, PRINT_CREDITMEMO, &in->id, 1, PRINT_FOR_CUSTOMER);
}
