import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * Shows the columns in the order the server gives them: the stages, then what has none yet. The standard
 * board puts the column without a value first; on a phone that folded column would be all there is to see.
 */
export class StageBoardRenderer extends KanbanRenderer {
    getGroupsOrRecords() {
        const entries = super.getGroupsOrRecords();
        if (!this.props.list.isGrouped) {
            return entries;
        }
        const withValue = ({ group }) => Boolean(group.value);
        return [...entries.filter(withValue), ...entries.filter((entry) => !withValue(entry))];
    }
}

registry.category("views").add("collection_stage_board", { ...kanbanView, Renderer: StageBoardRenderer });
