/* Doing something with several rows: the boxes, the buttons, and what of it stands in the address. */
#include "grid/grid_inside.h"

#include "gen/gate_tpl.h"

static bool may(const struct page *p, const struct grid_mass *m) {
    return m->right < 0 || actor_may(p->actor, m->right);
}

void grid_mass_fill(struct page *p, const struct grid_def *g, const struct grid_state *s,
                    struct tpl_gate_grid *v) {
    struct tpl_gate_grid_mass *list = ARENA_ARRAY(p->arena, struct tpl_gate_grid_mass, g->mass_n);
    for (size_t i = 0; i < g->mass_n; i++)
        if (may(p, &g->mass[i]))
            list[v->mass_n++] = (struct tpl_gate_grid_mass){.label = i18n_get(p->lang, g->mass[i].label),
                                                            .url = g->mass[i].path};
    if (!v->mass_n || !v->rows_n) {
        v->mass_n = 0;
        return;
    }
    struct grid_state other = *s;
    other.all = !s->all;
    v->mass = list;
    v->mass_action = list[0].url;
    v->mass_back = grid_state_address(p->arena, g, g->path, s);
    v->all = s->all;
    v->all_url = grid_state_address(p->arena, g, g->path, &other);
}
