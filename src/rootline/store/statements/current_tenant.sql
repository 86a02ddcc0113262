select rootline.current_tenant();
