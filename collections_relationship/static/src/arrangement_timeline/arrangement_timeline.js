import { Component, useRef, useState } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;
/** Days shown after the last payment, so that it can be moved later. */
const ROOM = 30;
const SHORTEST = 60;
const MOST_MONTHS = 12;
/** More payments than these stand closer than a dot is wide. */
const MANY = 24;

/** The payments of an arrangement along the days: each can be dragged, or moved with the arrow keys. */
export class ArrangementTimeline extends Component {
    static template = "collections_relationship.ArrangementTimeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.track = useRef("track");
        this.state = useState({ dragged: null, date: null });
    }

    get lines() {
        return this.props.record.data.line_ids.records.filter((line) => line.data.date);
    }

    get isCrowded() {
        return this.lines.length > MANY;
    }

    get isReadonly() {
        return this.props.readonly || this.props.record.data.state !== "draft";
    }

    get start() {
        const days = this.lines.map((line) => line.data.date);
        return DateTime.min(DateTime.local().startOf("day"), ...days);
    }

    get days() {
        // While something is dragged the scale stands still, or it would run away under the pointer.
        if (this.state.dragged) {
            return this.state.days;
        }
        const last = DateTime.max(this.start, ...this.lines.map((line) => line.data.date));
        return Math.max(SHORTEST, Math.round(last.diff(this.start, "days").days) + ROOM);
    }

    get dots() {
        const currencyId = this.props.record.data.currency_id?.id;
        return this.lines.map((line) => {
            const date = this.state.dragged === line.id ? this.state.date : line.data.date;
            const amount = formatMonetary(line.data.amount, { currencyId });
            return {
                line,
                left: this.place(date),
                label: _t("%(amount)s on %(date)s", { amount, date: formatDate(date) }),
                amount,
                state: line.data.state,
                isDragged: this.state.dragged === line.id,
            };
        });
    }

    get months() {
        const months = [];
        const end = this.start.plus({ days: this.days });
        const step = Math.ceil(this.days / 30 / MOST_MONTHS) || 1;
        for (let month = this.start.startOf("month").plus({ months: 1 }); month < end; month = month.plus({ months: step })) {
            // The year once and at each turn: two figures beside a month are read as its day.
            const isTurn = !months.length || month.year !== months.at(-1).year;
            const label = month.toFormat(isTurn ? "LLL yyyy" : "LLL");
            months.push({ key: month.toISODate(), left: this.place(month), label, year: month.year });
        }
        return months;
    }

    place(date) {
        return (100 * date.diff(this.start, "days").days) / this.days;
    }

    dateAt(clientX) {
        const box = this.track.el.getBoundingClientRect();
        const isRightToLeft = getComputedStyle(this.track.el).direction === "rtl";
        const share = isRightToLeft ? (box.right - clientX) / box.width : (clientX - box.left) / box.width;
        const days = Math.round(Math.min(Math.max(share, 0), 1) * this.days);
        return DateTime.max(DateTime.local().startOf("day"), this.start.plus({ days }));
    }

    onPointerDown(ev, line) {
        if (this.isReadonly) {
            return;
        }
        ev.preventDefault();
        ev.currentTarget.setPointerCapture(ev.pointerId);
        this.state.days = this.days;
        this.state.date = line.data.date;
        this.state.dragged = line.id;
    }

    onPointerMove(ev, line) {
        if (this.state.dragged === line.id) {
            this.state.date = this.dateAt(ev.clientX);
        }
    }

    async onPointerUp(ev, line) {
        if (this.state.dragged !== line.id) {
            return;
        }
        const date = this.state.date;
        this.state.dragged = null;
        await this.move(line, date);
    }

    onKeydown(ev, line) {
        const days = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 }[ev.key];
        if (!days || this.isReadonly) {
            return;
        }
        ev.preventDefault();
        return this.move(line, DateTime.max(DateTime.local().startOf("day"), line.data.date.plus({ days })));
    }

    /** A day taken by another payment is not taken twice: the next free one is. */
    async move(line, date) {
        const taken = new Set(
            this.lines.filter((other) => other.id !== line.id).map((other) => other.data.date.toISODate())
        );
        while (taken.has(date.toISODate())) {
            date = date.plus({ days: 1 });
        }
        if (!date.hasSame(line.data.date, "day")) {
            await line.update({ date });
        }
    }
}

registry.category("view_widgets").add("collection_timeline", {
    component: ArrangementTimeline,
    fieldDependencies: [{ name: "state", type: "selection", readonly: true }],
});
