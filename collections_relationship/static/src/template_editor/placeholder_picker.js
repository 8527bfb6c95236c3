import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { useAutofocus } from "@web/core/utils/hooks";
import { normalize } from "@web/core/l10n/utils";

/** The search and the list inside the opened picker. */
class PlaceholderList extends Component {
    static template = "collections_relationship.PlaceholderList";
    static components = { DropdownItem };
    static props = { choices: Array, onSelect: Function };

    setup() {
        this.state = useState({ query: "" });
        useAutofocus({ refName: "search" });
    }

    get groups() {
        const query = normalize(this.state.query.trim());
        const groups = new Map();
        for (const choice of this.props.choices) {
            if (query && !normalize(`${choice.label} ${choice.help} ${choice.name}`).includes(query)) {
                continue;
            }
            if (!groups.has(choice.group)) {
                groups.set(choice.group, []);
            }
            groups.get(choice.group).push(choice);
        }
        return [...groups].map(([name, choices]) => ({ name, choices }));
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.groups.length) {
            ev.preventDefault();
            ev.stopPropagation();
            this.props.onSelect(this.groups[0].choices[0]);
        }
    }
}

/** A button that opens the list of what can be filled in. */
export class PlaceholderPicker extends Component {
    static template = "collections_relationship.PlaceholderPicker";
    static components = { Dropdown, PlaceholderList };
    static props = {
        choices: Array,
        onSelect: Function,
        class: { type: String, optional: true },
        small: { type: Boolean, optional: true },
    };

    setup() {
        this.dropdown = useDropdownState();
    }

    onSelect(choice) {
        this.dropdown.close();
        this.props.onSelect(choice);
    }
}
