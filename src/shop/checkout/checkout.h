/* The checkout: from a cart to one order, or to one for each of several addresses. Guests and customers, in
 * person or with staff's help; pages and operations are in checkout.gate.
 *
 * A method of payment that is not offline (payment.h) is paid after placing: the order is PENDING_PAYMENT,
 * and the answer leads to the method's own page. */
#ifndef SHOP_CHECKOUT_CHECKOUT_H
#define SHOP_CHECKOUT_CHECKOUT_H

enum {
    CHECKOUT_PARTS_MAX = 10, /* addresses in one checkout */
    CHECKOUT_SPLIT_MAX = 60, /* products that can be spread over several addresses */
};

#endif
