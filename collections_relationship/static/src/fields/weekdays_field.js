import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { Info } = luxon;

/** Seven buttons for the days of the week, kept as a text of digits: Monday is 0, none is any day. */
export class WeekdaysField extends Component {
    static template = "collections_relationship.WeekdaysField";
    static props = { ...standardFieldProps };

    get chosen() {
        return this.props.record.data[this.props.name] || "";
    }

    get days() {
        const short = Info.weekdays("short");
        return Info.weekdays("long").map((label, index) => ({
            digit: String(index),
            label,
            short: short[index],
            isChosen: this.chosen.includes(String(index)),
        }));
    }

    get words() {
        const names = this.days.filter((day) => day.isChosen).map((day) => day.short);
        return names.length ? names.join(", ") : _t("Any day");
    }

    toggle(digit) {
        const digits = new Set(this.chosen);
        if (!digits.delete(digit)) {
            digits.add(digit);
        }
        const chosen = digits.size === 7 ? "" : [...digits].sort().join("");
        return this.props.record.update({ [this.props.name]: chosen });
    }
}

registry.category("fields").add("collection_weekdays", {
    component: WeekdaysField,
    displayName: _t("Weekdays"),
    supportedTypes: ["char"],
    isEmpty: () => false,
});
