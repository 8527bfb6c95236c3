import { isHtmlContentSupported } from "@html_editor/core/selection_plugin";
import { Plugin } from "@html_editor/plugin";
import { closestBlock } from "@html_editor/utils/blocks";
import { isEmptyBlock } from "@html_editor/utils/dom_info";
import { closestElement } from "@html_editor/utils/dom_traversal";
import { rightPos } from "@html_editor/utils/position";
import { withSequence } from "@html_editor/utils/resource";
import { _t } from "@web/core/l10n/translation";

const CHIP = "o_collection_placeholder";
const MARK = "o_collection_optional";
const TOKEN = /\{\{\s*([\w.]+)\s*\}\}|\[\?|\?\]/g;

/**
 * Shows `{{amount_due}}` as a chip that says "Amount due", offers all that can be filled in under "/", and
 * gives back plain text: what is stored never holds a chip.
 */
export class CollectionPlaceholderPlugin extends Plugin {
    static id = "collectionPlaceholder";
    static dependencies = ["baseContainer", "dom", "history", "selection"];
    static shared = ["insertPlaceholder"];

    resources = {
        user_commands: [
            {
                id: "insertCollectionPlaceholder",
                title: _t("Placeholder"),
                description: _t("Fill in a fact when the message leaves"),
                icon: "fa-plus-square-o",
                run: ({ name }) => this.insertPlaceholder(name),
                isAvailable: isHtmlContentSupported,
            },
        ],
        powerbox_categories: withSequence(5, { id: "collection_placeholder", name: _t("Fill In") }),
        powerbox_items: this.config.collectionPlaceholders.choices.map((choice) => ({
            categoryId: "collection_placeholder",
            commandId: "insertCollectionPlaceholder",
            commandParams: { name: choice.name },
            title: choice.label,
            description: choice.help,
            keywords: [choice.name],
            isAvailable: () => this.config.isCollectionPlaceholderKnown(choice.name),
        })),
        normalize_handlers: withSequence(1, this.showChips.bind(this)),
        clean_for_save_handlers: withSequence(0, ({ root }) => this.giveBackText(root)),
        clipboard_content_processors: (content) => this.giveBackText(content),
        selectors_for_feff_providers: () => `.${CHIP}, .${MARK}`,
        unsplittable_node_predicates: (node) => isChip(node),
        functional_empty_node_predicates: (node) => isChip(node),
        is_node_editable_predicates: (node) => (isChip(node) ? false : undefined),
    };

    /**
     * Put a placeholder where the cursor is; a table or button gets a line of its own.
     *
     * @param {string} name
     */
    insertPlaceholder(name) {
        this.dependencies.selection.focusEditable();
        const chip = this.makeChip(name);
        let { anchorNode } = this.dependencies.selection.getEditableSelection();
        const around = closestElement(anchorNode, `.${CHIP}, .${MARK}`);
        if (around) {
            const [node, offset] = rightPos(around);
            this.dependencies.selection.setSelection({ anchorNode: node, anchorOffset: offset }, { normalize: false });
            anchorNode = node;
        }
        const block = closestBlock(anchorNode);
        const choice = this.config.collectionPlaceholders.byName[name];
        if (choice?.is_block && !isEmptyBlock(block)) {
            const line = this.dependencies.baseContainer.createBaseContainer();
            line.append(chip);
            this.dependencies.dom.insert(line);
        } else {
            this.dependencies.dom.insert(chip);
        }
        this.dependencies.history.addStep();
        const placed = this.editable.contains(chip) ? chip : null;
        if (placed) {
            const [node, offset] = rightPos(placed.nextSibling || placed);
            this.dependencies.selection.setSelection({ anchorNode: node, anchorOffset: offset });
        }
    }

    makeChip(name) {
        const choice = this.config.collectionPlaceholders.byName[name];
        const chip = this.document.createElement("span");
        chip.className = choice ? CHIP : `${CHIP} o_collection_unknown`;
        if (choice?.is_block) {
            chip.classList.add("o_collection_block");
        }
        chip.dataset.collectionText = `{{${name}}}`;
        chip.title = choice ? choice.help : _t("Nothing of that name can be filled in.");
        chip.textContent = choice ? choice.label : name;
        chip.setAttribute("contenteditable", "false");
        return chip;
    }

    makeMark(text) {
        const mark = this.document.createElement("span");
        mark.className = MARK;
        mark.dataset.collectionText = text;
        mark.title = _t("What stands between these two marks is left out when a word in it has nothing to say.");
        mark.textContent = text === "[?" ? "⟨" : "⟩";
        mark.setAttribute("contenteditable", "false");
        return mark;
    }

    /** Turn each `{{name}}` a person typed, pasted or opened into a chip. */
    showChips(root) {
        const walker = this.document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const texts = [];
        while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.nodeValue.search(TOKEN) !== -1 && !node.parentElement?.closest(`.${CHIP}, .${MARK}`)) {
                texts.push(node);
            }
        }
        const selection = this.document.getSelection();
        for (const text of texts) {
            const hadCursor = selection?.anchorNode === text;
            const cursor = hadCursor ? selection.anchorOffset : 0;
            let last;
            let position = 0;
            const parts = [];
            for (const match of text.nodeValue.matchAll(TOKEN)) {
                parts.push(text.nodeValue.slice(position, match.index));
                const chip = match[1] ? this.makeChip(match[1]) : this.makeMark(match[0]);
                parts.push(chip);
                position = match.index + match[0].length;
                if (hadCursor && position <= cursor) {
                    last = chip;
                }
            }
            const rest = this.document.createTextNode(text.nodeValue.slice(position));
            const placed = [...parts.filter((part) => part !== ""), ...(rest.nodeValue ? [rest] : [])];
            text.replaceWith(...placed);
            if (last) {
                const [node, offset] = rightPos(last);
                this.dependencies.selection.setSelection(
                    { anchorNode: node, anchorOffset: offset },
                    { normalize: false }
                );
            }
        }
    }

    /** Turn the chips of a copy of the content back into what is stored. */
    giveBackText(root) {
        for (const chip of root.querySelectorAll("[data-collection-text]")) {
            chip.replaceWith(this.document.createTextNode(chip.dataset.collectionText));
        }
        root.normalize();
        return root;
    }
}

function isChip(node) {
    return node?.nodeType === Node.ELEMENT_NODE && (node.classList.contains(CHIP) || node.classList.contains(MARK));
}
