/* Rounding, tax and the division of amounts. */
#include "sales/sales.h"

i64 sales_share(i64 a, i64 b, i64 c) {
    __extension__ typedef __int128 wide;
    wide product = (wide)a * b;
    if (product < 0) return (i64) - ((-product * 2 + c) / ((wide)c * 2));
    return (i64)((product * 2 + c) / ((wide)c * 2));
}

i64 sales_tax(i64 amount, i64 rate_bp, bool included) {
    return sales_share(amount, rate_bp, included ? 10000 + rate_bp : 10000);
}

void sales_spread(i64 amount, const i64 *weights, i64 *ret_shares, size_t n) {
    __extension__ typedef __int128 wide;
    i64 sum = 0, left = amount;
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    for (size_t i = 0; i < n; i++) {
        ret_shares[i] = sum ? (i64)((wide)amount * weights[i] / sum) : 0;
        left -= ret_shares[i];
    }
    /* Fewer units are left than there are weights: each goes to the largest remainder that has none yet. */
    for (; sum && left > 0; left--) {
        size_t best = n;
        wide best_rest = -1;
        for (size_t i = 0; i < n; i++) {
            wide rest = (wide)amount * weights[i] - (wide)ret_shares[i] * sum;
            if (rest > best_rest && weights[i] > 0) {
                best = i;
                best_rest = rest;
            }
        }
        ret_shares[best]++;
    }
}
